"""What answers a WebSocket."""
