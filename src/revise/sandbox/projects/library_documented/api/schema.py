"""What the description says of the API and the code does not."""
