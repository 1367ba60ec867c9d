"""What programs call the fields of a forward, program by program; see ../README.md."""
