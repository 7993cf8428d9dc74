curl -X POST https://api.heygen.com/v1/video.webm -H 'x-api-key: sk_V2_kept_out' \
  -d '{"avatar_pose_id": "Vanessa-invest-20220722", "avatar_style": "normal", "input_text": "Hello there", "voice_id": "2d5b0e6cf36f460aa7fc47e3eee4ba54", "dimension": {"width": "1280", "height": 720}, "title": "Overlay"}'
