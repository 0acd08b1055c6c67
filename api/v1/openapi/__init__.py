"""The OpenAPI document, made of what the views declare: their listings, bodies and needs."""
