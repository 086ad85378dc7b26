"""HLS and DASH: playlists, manifests and the live preview. Pure."""
