import type { Browser, Device, Handset, Program, UsbDevice } from './devices.js';
import type { Network } from './networks.js';
import type { CodeHost, Person } from './person.js';

interface At {
  time: number;
  person: Person;
  network: Network;
  browser: Browser;
}

/** Everything that leaves a trace in some log. Each log takes the kinds it knows. */
export type Happening =
  | (At & {
      kind: 'sign-in';
      session: string;
      device?: Device;
      phone: { handset: Handset; network: Network };
    })
  | (At & { kind: 'refused'; session: string; reason: string })
  | (At & { kind: 'app'; session: string; app: string; device?: Device })
  | (At & { kind: 'factor-added'; session: string; handset: Handset })
  | (At & { kind: 'password-wrong' })
  | (At & { kind: 'google-login' })
  | (At & {
      kind: 'drive';
      event: 'view' | 'edit' | 'download' | 'share';
      title: string;
      id: string;
      target?: string;
    })
  | (At & { kind: 'grant'; app: string; clientId: string; scopes: string[] })
  | (At & {
      kind: 'code';
      event: CodeEvent;
      repository: string;
      /** Under another login than their usual one. */
      as?: CodeHost;
      /** Who was invited. */
      guest?: string;
    })
  | (At & { kind: 'slack'; event: 'user_login' | 'file_downloaded' | 'file_uploaded'; file?: string })
  | (At & { kind: 'meeting'; minutes: number; device?: Device; camera: string; meeting: number })
  | { kind: 'program'; time: number; person: Person; device: Device; program: Program; parent?: string }
  | { kind: 'usb'; time: number; person: Person; device: Device; usb: UsbDevice }
  | { kind: 'process'; time: number; person: Person; device: Device; image: string; command: string }
  | { kind: 'remote-desktop'; time: number; person: Person; device: Device; from: string };

export type CodeEvent =
  | 'git.clone'
  | 'git.fetch'
  | 'git.push'
  | 'repo.access'
  | 'private_repository_forking.enable'
  | 'org.invite_member'
  | 'personal_access_token.access_granted'
  | 'public_key.create'
  | 'repo.download_zip'
  | 'repo.add_member'
  | 'repo.register_self_hosted_runner'
  | 'repository_secret_scanning.disable'
  | 'protected_branch.policy_override';
