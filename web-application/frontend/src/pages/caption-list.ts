// The page with the captions of a video: what the engine makes of them is followed, and joins the list.
import { followCaptioning } from '../captions/follow-captioning'

void followCaptioning()
