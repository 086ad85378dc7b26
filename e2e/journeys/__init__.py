"""What people do from end to end: guests, viewers, owners and strangers, on a phone and at a desk."""
