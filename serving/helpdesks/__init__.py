"""Helpdesks: their webhooks in, a private note with suggestions back, never a public reply.

One module for each helpdesk, all behind `adapter.Adapter`; `registry.py` knows them by name. Nothing in here keeps
anything: what was delivered before, and what has to be tried again, is remembered elsewhere.
"""
