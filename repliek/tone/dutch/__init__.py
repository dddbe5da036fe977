"""Dutch je and u: the words, the verbs, what each je and u is in its sentence, and the table made of them."""
