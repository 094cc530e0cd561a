import { join } from 'node:path';
import { Document } from '../files.js';
import { displayName } from '../person.js';
import { iso } from '../time.js';
import type { World } from '../world.js';
import { managedLaptops } from './laptops.js';

/** Microsoft Intune's managed devices, as Graph lists them: every managed Windows laptop. */
export async function writeIntune(world: World, folder: string): Promise<void> {
  const document = new Document(
    join(folder, 'intune', 'managedDevices.json'),
    '{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#deviceManagement/managedDevices","value":[',
    ']}',
  );
  for (const { person, device, lastSeen } of managedLaptops(world)) {
    if (device.os !== 'windows') continue;
    const random = world.random('intune', person.index);
    document.record(
      JSON.stringify({
        id: random.uuid(),
        userId: random.uuid(),
        deviceName: device.hostname,
        managedDeviceOwnerType: 'company',
        enrolledDateTime: iso(device.enrolled),
        lastSyncDateTime: iso(lastSeen),
        operatingSystem: 'Windows',
        complianceState: random.chance(0.96) ? 'compliant' : 'noncompliant',
        jailBroken: 'Unknown',
        managementAgent: 'mdm',
        osVersion: device.osVersion,
        azureADRegistered: true,
        deviceEnrollmentType: 'windowsAutoEnrollment',
        emailAddress: person.workEmail,
        azureADDeviceId: random.uuid(),
        deviceRegistrationState: 'registered',
        isEncrypted: true,
        userPrincipalName: person.workEmail,
        model: device.model,
        manufacturer: device.modelId,
        serialNumber: device.serial,
        userDisplayName: displayName(person),
        wiFiMacAddress: device.mac.replaceAll(':', '').toUpperCase(),
        ethernetMacAddress: null,
        totalStorageSpaceInBytes: 511_101_108_224,
        freeStorageSpaceInBytes: random.int(40, 380) * 1_073_741_824,
        managedDeviceName: `${person.login}_Windows`,
        partnerReportedThreatState: 'secured',
      }),
    );
    await document.drain();
  }
  await document.close();
}
