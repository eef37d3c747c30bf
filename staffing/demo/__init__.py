"""The Taiyuan demo: the places and figures of the story, with fictional people (domain.md section 6)."""
