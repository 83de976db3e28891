"""What answers under /api/."""
