"""Work on assemblies: uploads, jobs, notifications, and what follows their end."""
