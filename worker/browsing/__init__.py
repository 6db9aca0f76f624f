"""The store in Datasette: an application, what Datasette is taught for it, and how it is served. Floor 4."""
