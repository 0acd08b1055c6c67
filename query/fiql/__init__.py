"""FIQL, the language that conditions are written in: text to tree and back.

`reading` knows the grammar and no columns, `meaning` what a question is for each kind of column,
`parsing` puts these together, and `rendering` writes a tree down again.
"""
