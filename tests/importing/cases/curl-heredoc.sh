curl -X POST https://api.heygen.com/v2/video/generate -H "X-Api-Key: $HEYGEN_API_KEY" -d @- <<EOF
{
  "video_inputs": [
    {"character": {"type": "avatar", "avatar_id": "Daisy-inskirt-20220818"}, "voice": {"type": "text", "input_text": "Hi $NAME_OF_USER", "voice_id": "1bd001e7e50f421d891986aad5158bc8"}}
  ]
}
EOF
