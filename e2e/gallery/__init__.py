"""Every page of a site that has content, to be looked at and to be judged."""
