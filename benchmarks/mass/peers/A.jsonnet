// Storyboard A as a function of one row; every cell comes as text.

local scene(say, background) = {
  character: { type: "avatar", avatar_id: "Daisy-inskirt-20220818" },
  voice: { type: "text", voice_id: "1bd001e7e50f421d891986aad5158bc8", input_text: say },
  background: { type: "color", value: background },
};

function(row)
  local team = if row.company == "" then "your new team" else row.company;
  local level = if row.plan == "" then "free" else row.plan;
  {
    title: "Welcome to " + team + ", " + row.first_name,
    callback_id: "crm-" + row.customer_id,
    dimension: { width: 1280, height: 720 },
    caption: true,
    video_inputs: [
      scene("Hi " + row.first_name + ", and welcome to " + team + "! My name is " + row.rep_name + ", and I am glad that you and your colleagues in " + row.city + " are with us.", "#1a1a2e") + {
        text: {
          type: "text",
          text: team + " · " + row.city,
          font_size: 48,
          line_height: 1,
          position: { x: 0, y: -0.4 },
        },
      },
      scene("You are on our " + level + " plan, which renews on " + row.renewal_date + ". Until then everything stays as it is, " + row.first_name + ": nobody at " + team + " has to install, to sign or to pay anything.", "#16425b"),
      scene("If there is anything that you miss, write to " + row.rep_name + " and name your number, " + row.customer_id + ". See you soon in " + row.city + "!", "#1a1a2e"),
    ],
  }
