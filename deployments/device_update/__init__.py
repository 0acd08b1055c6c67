"""The update of one device: which of its parts in deployments it is, and how far that is.

Nothing of it is kept but when somebody acknowledged a failure: it follows from the device's rows,
whoever made them. Source: Riverbed NPM, system update.
"""
