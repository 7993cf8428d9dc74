payload = {
    "video_inputs": [
        {
            "character": {"type": "avatar", "avatar_id": "Daisy-inskirt-20220818"},
            "voice": {
                "type": "text",
                "input_text": "It's on",
                "voice_id": "1bd001e7e50f421d891986aad5158bc8",
                "speed": "1.2",
            },
        }
    ],
    "test": True,
    "callback_id": None,
}
