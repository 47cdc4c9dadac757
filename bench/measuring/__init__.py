"""What the tools in bench/ share. Python's standard library only."""
