"""Mail services that can be pulled. Nothing outside this package knows a vendor's words."""
