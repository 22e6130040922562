"""Webhooks as Meta sends them, broken at random. A few hundred cases with every test run; `make fuzz` tries 50,000."""
