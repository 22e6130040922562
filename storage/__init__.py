"""Remembers. Rows never leave this package: what goes in and comes out are the dataclasses of `crm.model`."""
