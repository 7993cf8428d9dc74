// HeyGen's own node for n8n, run by n8n's engine (n8n-core) node by node, as a workflow would run it.
// Tells of every call in a line of JSON. Runs in the folder where the packages are installed.
'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');

process.env.N8N_USER_FOLDER = process.cwd(); // it writes settings there
const load = createRequire(path.join(process.cwd(), 'package.json'));
load('reflect-metadata');
const { ExecuteContext } = load('n8n-core');
const { Workflow } = load('n8n-workflow');
const packageName = '@heygenofficial/n8n-nodes-heygen-official';
const { HeygenNode } = load(`${packageName}/dist/nodes/Heygen/HeygenNode.node.js`);
const { HeyGenApi } = load(`${packageName}/dist/credentials/HeyGenApi.credentials.js`);

const node = new HeygenNode();
const credential = new HeyGenApi();

// What n8n's editor keeps of a credential, and adds to a request for it.
const credentialsHelper = {
  getParentTypes: () => [],
  getCredentialsProperties: () => credential.properties,
  getDecrypted: async () => ({ apiKey: process.env.HEYGEN_API_KEY }),
  preAuthentication: async () => undefined,
  authenticate: async (data, type, request) => ({
    ...request,
    headers: { ...request.headers, 'X-Api-Key': data.apiKey },
  }),
};

// The editor fills in defaults of what is shown, so nothing of the node's own is left out here either.
function withDefaults(parameters) {
  const defaults = {};
  for (const property of node.description.properties) {
    const shown = Object.entries(property.displayOptions?.show ?? {}).every(([name, values]) =>
      values.includes({ ...defaults, ...parameters }[name]),
    );
    if (shown && !(property.name in defaults)) defaults[property.name] = property.default;
  }
  return { ...defaults, ...parameters };
}

async function run(resource, operation, parameters = {}, binary = undefined) {
  const settings = {
    id: '1',
    name: 'HeyGen',
    type: 'heygen',
    typeVersion: 1,
    position: [0, 0],
    credentials: { heyGenApi: { id: '1', name: 'HeyGen' } },
    parameters: withDefaults({ authentication: 'apiKey', resource, operation, ...parameters }),
  };
  const workflow = new Workflow({
    id: '1',
    nodes: [settings],
    connections: {},
    active: false,
    nodeTypes: { getByNameAndVersion: () => node, getByName: () => node },
  });
  const items = [{ json: {}, ...(binary ? { binary } : {}) }];
  const context = new ExecuteContext(
    workflow, settings, { credentialsHelper, currentNodeParameters: settings.parameters }, 'internal',
    { resultData: { runData: {} } }, 0, items, { main: [items] }, { data: { main: [items] }, node: settings }, [],
  );
  const [[{ json }]] = await node.execute.call(context);
  return json;
}

const tell = (call, result) => console.log(JSON.stringify({ call, result }));
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function untilDone(videoId) {
  for (let turn = 0; turn < 240; turn += 1) {
    const { data } = await run('video', 'getVideoStatus', { videoId });
    if (data.status === 'completed') return data;
    if (data.status === 'failed') throw new Error(`failed: ${data.failure_message}`);
    await pause(0.5);
  }
  throw new Error('the video is never done');
}

async function fetchFilm(url) {
  const answer = await fetch(url);
  const content = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200 || content.toString('latin1', 4, 8) !== 'ftyp') throw new Error('this is no MP4');
  return `an MP4 of ${content.length.toLocaleString('en')} bytes`;
}

async function main() {
  const groups = await run('list', 'listAvatarsGroups', { avatarGroupsOwnership: 'public', listPageLimit: 5 });
  tell('List Avatars Groups', `${groups.data.length} public groups, more: ${groups.has_more}`);
  const looks = await run('list', 'listAvatars', { avatarLooksGroupId: groups.data[0].id, listPageLimit: 50 });
  tell('List Avatars', `${looks.data.length} looks of ${groups.data[0].name}`);
  const look = looks.data.find((one) => one.supported_api_engines.includes('avatar_iv'));
  const voices = await run('list', 'listVoices', { voiceLanguage: 'English', listPageLimit: 100 });
  tell('List Voices', `${voices.data.length} that speak English`);
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==', 'base64',
  );
  const asset = await run(
    'asset', 'uploadAssets', { binaryData: true, binaryPropertyName: 'data' },
    { data: { data: picture.toString('base64'), mimeType: 'image/png', fileName: 'dot.png' } },
  );
  tell('Upload Assets', `${asset.data.mime_type}, ${asset.data.size_bytes} bytes`);

  const scene = {
    characterType: 'avatar', avatarId: look.id, voiceType: 'text', inputText: 'Hello from a workflow.',
    voiceId: look.default_voice_id, backgroundType: 'image', backgroundImageUrl: asset.data.url,
  };
  const made = await run('video', 'createAvatarVideo', {
    videoInput: { videoInputValues: [scene] },
    dimension: { dimensionValues: { width: 1280, height: 720 } },
    additionalFields: { title: 'By n8n' },
    caption: true,
  });
  tell('Create Avatar Video', made.data.status);
  const done = await untilDone(made.data.video_id);
  tell('Get Video', `completed, ${done.duration.toFixed(1)} s`);
  tell('its video_url, fetched', await fetchFilm(done.video_url));

  const second = await run('video', 'createVideo', {
    videosVisualSource: 'avatarId', videosAvatarId: look.id, videosScript: 'A second one.',
    videosVoiceId: look.default_voice_id, videosDimension: { dimensionValues: { width: 720, height: 1280 } },
  });
  tell('Create Video', second.data.status);
  const listed = await run('video', 'listVideos', { videosTitleFilter: 'n8n' });
  tell('List Videos', `${listed.data.length} by that title`);
  const deleted = await run('video', 'deleteVideo', { videoId: second.data.video_id });
  tell('Delete Video', `deleted: ${deleted.data.deleted}`);
}

// The engine keeps timers, so that the process would not end by itself.
main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.description ?? error.message, error.cause?.message ?? '');
    process.exit(1);
  },
);
