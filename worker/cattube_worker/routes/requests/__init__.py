"""What a request says: who asks, from where, and the form that came."""
