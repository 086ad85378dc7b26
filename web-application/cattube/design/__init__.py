"""What every page is made of: template tags for icons, scripts and words."""
