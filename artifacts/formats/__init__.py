"""Readers and writers of artifact files. Pure Python: nothing here knows Django or the models."""
