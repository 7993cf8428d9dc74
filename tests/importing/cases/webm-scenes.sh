curl -X POST https://api.heygen.com/v1/video.webm -H 'x-api-key: sk_V2_kept_out' \
  -d '{"video_inputs": [{"character": {"type": "avatar", "avatar_id": "Daisy-inskirt-20220818"}, "voice": {"type": "text", "input_text": "Hello there", "voice_id": "2d5b0e6cf36f460aa7fc47e3eee4ba54"}}]}'
