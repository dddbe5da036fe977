"""The engine of Repliek: a trained bundle and a conversation go in, suggested answers come out.

Start at `repliek.suggester.Suggester`; `repliek.conversation` holds what it is asked, `repliek.errors` what it raises.
"""
