"""Which products fit what a reader asked for, and what would each further choice leave? In memory, over bit sets."""
