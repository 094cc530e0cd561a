import { join } from 'node:path';
import { Document } from '../files.js';
import { displayName } from '../person.js';
import { homeNetwork } from '../plans.js';
import { DAY, iso } from '../time.js';
import type { World } from '../world.js';
import { managedLaptops } from './laptops.js';

/** Jamf Pro's computer inventory: every managed Mac, as of the last day. */
export async function writeJamf(world: World, folder: string): Promise<void> {
  const macs = managedLaptops(world).filter(({ device }) => device.os === 'macos');
  const document = new Document(
    join(folder, 'jamf', 'computers.json'),
    `{"totalCount":${macs.length},"results":[`,
    ']}',
  );
  for (const [i, { person, device, lastSeen }] of macs.entries()) {
    const random = world.random('jamf', person.index);
    const network = homeNetwork(person, lastSeen, random);
    document.record(
      JSON.stringify({
        id: String(1000 + i),
        udid: device.uuid,
        general: {
          name: device.hostname,
          lastIpAddress: network.ip,
          lastReportedIp: `${network.local?.lan ?? '192.168.1'}.${random.int(20, 120)}`,
          jamfBinaryVersion: '11.19.1-t1756219200',
          platform: 'Mac',
          barcode1: null,
          barcode2: null,
          assetTag: `LSP${String(4000 + i).padStart(5, '0')}`,
          remoteManagement: { managed: true, managementUsername: '' },
          supervised: true,
          mdmCapable: { capable: true, capableUsers: [device.localUser] },
          reportDate: iso(lastSeen),
          lastContactTime: iso(lastSeen + 40_000),
          lastEnrolledDate: iso(device.enrolled),
          initialEntryDate: iso(device.enrolled).slice(0, 10),
          enrolledViaAutomatedDeviceEnrollment: true,
          userApprovedMdm: true,
          site: { id: '-1', name: 'None' },
        },
        hardware: {
          make: 'Apple',
          model: device.model,
          modelIdentifier: device.modelId,
          serialNumber: device.serial,
          processorArchitecture: 'arm64',
          appleSilicon: true,
          totalRamMegabytes: 36864,
          macAddress: device.mac.toUpperCase(),
          networkAdapterType: 'IEEE80211',
        },
        operatingSystem: {
          name: 'macOS',
          version: device.osVersion,
          build: '24G90',
          activeDirectoryStatus: 'Not Bound',
          fileVault2Status: 'ALL_ENCRYPTED',
        },
        userAndLocation: {
          username: person.workEmail,
          realname: displayName(person),
          email: person.workEmail,
          position: person.title,
          phone: '',
          departmentId: null,
          buildingId: null,
          room: '',
        },
        security: {
          sipStatus: 'ENABLED',
          gatekeeperStatus: 'APP_STORE_AND_IDENTIFIED_DEVELOPERS',
          firewallEnabled: true,
          remoteDesktopEnabled: device.screenSharing,
          activationLockEnabled: false,
        },
        localUserAccounts: [
          {
            uid: '501',
            userGuid: world.random('guid', person.index).uuid().toUpperCase(),
            username: device.localUser,
            fullName: displayName(person),
            admin: device.admin,
            homeDirectory: `/Users/${device.localUser}`,
            fileVault2Enabled: true,
            userAccountType: 'LOCAL',
          },
          {
            uid: '80',
            userGuid: '4E1C55AB-0000-4000-8000-1A2B3C4D5E6F',
            username: 'larkspuradmin',
            fullName: 'Larkspur IT',
            admin: true,
            homeDirectory: '/Users/larkspuradmin',
            fileVault2Enabled: false,
            userAccountType: 'LOCAL',
          },
        ],
        applications: device.programs
          .filter((one) => one.at < world.asOf + DAY)
          .map((one) => ({
            name: `${one.name}.app`,
            path: `/Applications/${one.name}.app`,
            version: one.version,
            macAppStore: false,
            sizeMegabytes: 180,
            bundleId: one.bundle,
            updateAvailable: false,
          })),
      }),
    );
    await document.drain();
  }
  await document.close();
}
