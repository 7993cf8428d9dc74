curl -H 'X-Api-Key: sk_V2_kept_out' https://api.heygen.com/v2/avatars
