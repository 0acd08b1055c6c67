"""Lists written to files by a job, for what outlasts a request: asked for, made, fetched, gone."""
