"""How something is said: register, emotion, channel and composition."""
