"""What the product knows and a user may edit: data only, no code."""
