import CabinetLocks

/// The members' devices that are switched on.
final class Devices: Sendable {
    private let devices = Guarded<[MemberDevice]>([])

    var all: [MemberDevice] { devices.withLock { $0 } }

    func add(_ device: MemberDevice) {
        devices.withLock { $0.append(device) }
    }

    /// Puts a device that was switched on anew in the place of the one before.
    func replace(_ device: MemberDevice) {
        devices.withLock { devices in
            devices.removeAll { $0.member.seat.id == device.member.seat.id }
            devices.append(device)
        }
    }

    func close() async {
        for device in all { await device.close() }
    }
}
