import { join } from 'node:path';
import { csvLine, Document, Output } from '../files.js';
import type { Happening } from '../happenings.js';
import { displayName, emailOn, type Person } from '../person.js';
import type { Random } from '../random.js';
import { DAY, HOUR, iso, isoSeconds, MINUTE } from '../time.js';
import type { World } from '../world.js';
import type { Log } from './log.js';

/** Meeting participants as Zoom's Dashboard API gives them, a month to a file; call quality; one report from the portal. */
export class ZoomLog implements Log {
  readonly #world: World;
  readonly #random: Random;
  readonly #folder: string;
  readonly #quality: Document;
  #month = '';
  #document: Document | undefined;
  #ending: Document[] = [];
  #allHands: { person: Person; join: number; leave: number }[] = [];
  /** The afternoon of the month's meeting of everybody. */
  readonly #meeting: number;

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#folder = join(folder, 'zoom');
    this.#random = world.random('zoom');
    let day = world.asOf - 5 * DAY;
    while (new Date(day).getUTCDay() !== 3) day -= DAY;
    this.#meeting = day + 17 * HOUR;
    this.#quality = new Document(
      join(this.#folder, 'participants-qos.json'),
      '{"page_count":1,"page_size":300,"next_page_token":"","participants":[',
      (total) => `],"total_records":${total}}`,
    );
  }

  take(happening: Happening): void {
    if (happening.kind !== 'meeting') return;
    const { person, time, network, device } = happening;
    if (!device) return;
    const leave = time + happening.minutes * MINUTE + this.#random.int(-50_000, 90_000);
    const random = this.#random;
    const user = {
      id: `z${this.#world.random('zoom-user', person.index).token(21)}`,
      user_id: String(random.int(16_777_216, 16_799_999)),
      user_name: displayName(person),
      email: emailOn(person, time),
      device: device.os === 'macos' ? 'Mac' : 'Windows',
      ip_address: network.ip,
      location: `${network.city.name} (${network.city.country})`,
      join_time: isoSeconds(time),
      leave_time: isoSeconds(leave),
      pc_name: device.hostname,
      domain: '',
      mac_addr: device.mac.replaceAll(':', ''),
      harddisk_id: device.uuid.slice(0, 8),
      version: '6.5.11',
    };
    this.#at(time).record(
      JSON.stringify({
        ...user,
        participant_uuid: random.uuid().toUpperCase(),
        meeting_id: happening.meeting,
        network_type: device.wired ? 'Wired' : 'Wifi',
        microphone: device.microphone,
        speaker: device.microphone.replace('Microphone', 'Speakers'),
        camera: happening.camera,
        data_center: 'United States (Top)',
        full_data_center: 'United States;',
        connection_type: 'UDP',
        share_application: random.chance(0.15),
        share_desktop: random.chance(0.1),
        share_whiteboard: false,
        recording: false,
        status: 'in_meeting',
        in_room_participants: 1,
        leave_reason: 'left the meeting',
      }),
    );
    if (random.chance(0.12)) {
      const far = network.tunnel ? 160 : 0;
      const line = (base: number) => ({
        bitrate: `${random.int(20, 900)} kbps`,
        latency: `${base + far + random.int(5, 90)} ms`,
        jitter: `${random.int(1, 18)} ms`,
        avg_loss: '0.1%',
        max_loss: '1.2%',
      });
      const video = (base: number) => ({ ...line(base), resolution: '1280*720', frame_rate: '26 fps' });
      this.#quality.record(
        JSON.stringify({
          ...user,
          user_qos: [
            {
              date_time: isoSeconds(time + 5 * MINUTE),
              audio_input: line(15),
              audio_output: line(15),
              video_input: video(20),
              video_output: video(20),
              cpu_usage: {
                zoom_min_cpu_usage: '2%',
                zoom_avg_cpu_usage: '6%',
                zoom_max_cpu_usage: '14%',
                system_max_cpu_usage: '41%',
              },
            },
          ],
        }),
      );
    }
  }

  async drain(): Promise<void> {
    await this.#document?.drain();
    await this.#quality.drain();
    for (const document of this.#ending.splice(0)) await document.close();
  }

  async close(): Promise<void> {
    await this.drain();
    await this.#document?.close();
    await this.#quality.close();
    await this.#report();
  }

  #at(time: number): Document {
    const month = iso(time).slice(0, 7);
    if (!this.#document || month > this.#month) {
      if (this.#document) this.#ending.push(this.#document);
      this.#month = month;
      this.#document = new Document(
        join(this.#folder, `participants-${month}.json`),
        '{"page_count":1,"page_size":300,"next_page_token":"","participants":[',
        (total) => `],"total_records":${total}}`,
      );
    }
    return this.#document;
  }

  /** The portal's own CSV of the meeting of everybody, with the lines it puts above the header. */
  async #report(): Promise<void> {
    const random = this.#world.random('all-hands');
    for (const person of this.#world.people) {
      if (person.stage !== 'employed' || (person.startedAt as number) > this.#meeting || !random.chance(0.3))
        continue;
      const join = this.#meeting + random.int(-4, 9) * MINUTE + random.int(0, 59) * 1000;
      this.#allHands.push({ person, join, leave: this.#meeting + random.int(35, 52) * MINUTE });
    }
    const output = new Output(join(this.#folder, 'participants-report.csv'));
    const stamp = (time: number) => {
      const [y, m, d] = iso(time).slice(0, 10).split('-');
      const hour = new Date(time).getUTCHours();
      return `${m}/${d}/${y} ${String(hour % 12 || 12).padStart(2, '0')}:${iso(time).slice(14, 19)} ${hour < 12 ? 'AM' : 'PM'}`;
    };
    output.line('Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants');
    output.line(
      csvLine([
        '912 3456 7890',
        'All hands, September',
        stamp(this.#meeting - 4 * MINUTE),
        stamp(this.#meeting + 52 * MINUTE),
        'people@larkspur.example.com',
        56,
        this.#allHands.length,
      ]),
    );
    output.line('');
    output.line(
      'Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room',
    );
    for (const { person, join: from, leave } of this.#allHands) {
      output.line(
        csvLine([
          displayName(person),
          emailOn(person, from),
          stamp(from),
          stamp(leave),
          Math.round((leave - from) / MINUTE),
          'No',
          'Y',
          'No',
        ]),
      );
      await output.drain();
    }
    await output.close();
  }
}
