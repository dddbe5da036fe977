"""Learn from history and answers: the result is a bundle, the only thing that training hands to serving."""
