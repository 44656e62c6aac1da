"""One lint: its rule, and `page.md` with what to avoid and what to prefer."""
