"""Those who have assemblies made, and what one of them may take up beside the others."""
