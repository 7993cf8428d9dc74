curl 'https://api.heygen.com/v2/video/generate' \
  -H 'authorization: Bearer sk_V2_kept_out' -b 'session=sk_V2_kept_out' \
  --data-raw $'{"video_inputs":[{"character":{"type":"avatar","avatar_id":"Daisy-inskirt-20220818"},"voice":{"type":"text","input_text":"What\'s new\u0021","voice_id":"1bd001e7e50f421d891986aad5158bc8"}}]}'
