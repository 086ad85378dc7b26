"""Templates, and their documents as clients write and read them."""
