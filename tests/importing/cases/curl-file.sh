curl https://api.heygen.com/v2/video/generate -H 'X-Api-Key: sk_V2_kept_out' -d @payload.json
