"""What we say about it: articles made of blocks, their authors, the pages readers see."""
