#!/bin/bash
# Renders the greeting.
export HEYGEN_API_KEY=sk_V2_kept_out
VIDEO_ID=$(curl -s -X POST "https://api.heygen.com/v2/video/generate" \
  -H "X-Api-Key: sk_V2_kept_out" \
  --header 'Content-Type: application/json' \
  -d '{
    "caption": "true",
    "video_inputs": [{
      "character": {"type": "avatar", "avatar_id": "Daisy-inskirt-20220818"},
      "voice": {"type": "text", "input_text": "Hello from a script.", "voice_id": "1bd001e7e50f421d891986aad5158bc8"}
    }],
    "api_key": "sk_V2_kept_out"
  }' | jq -r .data.video_id)
