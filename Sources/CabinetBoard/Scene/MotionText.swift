internal import CabinetAPI
internal import CabinetMapping
internal import CabinetModel

extension CabinetModel.Motion {
    /// What is voted on, in words; empty where the bytes are no motion.
    var text: String { (try? message().text) ?? "" }
}
