"""The status document: one assembly as Transloadit's clients read it."""
