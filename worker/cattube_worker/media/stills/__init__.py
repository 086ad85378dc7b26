"""Still images: which frames, at which size, with which effects. Pure."""
