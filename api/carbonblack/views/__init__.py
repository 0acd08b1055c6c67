"""The calls: read what is asked for, call one operation or queryset, tell the answer."""
