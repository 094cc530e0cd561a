// Hono and nothing else: a fixed JSON answer of so many bytes, and deliveries that are read and thrown away.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';

const { bytes } = JSON.parse(process.argv[2]);
const line = {
  id: 'p0123456789',
  name: 'Person 0000-00',
  open: false,
  stage: 'employed',
  band: 'clear',
  bits: -9.96,
};
const answer = { people: [line] };
while (JSON.stringify(answer).length < bytes) answer.people.push(line);
const app = new Hono();
app.get('/api/*', (context) => context.json(answer));
app.post('/api/*', async (context) => {
  await context.req.arrayBuffer();
  return context.json({ done: true });
});
const http = createServer(getRequestListener(app.fetch));
http.listen(0, '127.0.0.1', () =>
  process.send({ kind: 'ready', url: `http://127.0.0.1:${http.address().port}` }),
);
process.on('message', ({ kind }) => {
  if (kind === 'stop') process.exit(0);
});
