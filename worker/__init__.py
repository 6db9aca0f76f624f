"""Pressewacht: from a ministry's press listing to records, versions and digests."""

__version__ = "0.1.0"
