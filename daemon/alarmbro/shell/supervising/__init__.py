"""What time brings by itself and what is broken, told to those who mend it. Never an alarm's business."""
