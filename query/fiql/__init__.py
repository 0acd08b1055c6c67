"""FIQL, the language that conditions are written in: text to tree and back."""
