extension FailureReason {
    /// One sentence for a developer or a log: what happened, and what to do.
    var message: String {
        switch self {
        case .principalUnknown:
            "the certificate of this connection belongs to nobody in the directory, or to "
                + "somebody who is suspended; ask an administrator"
        case .roleRequired:
            "the caller has none of the roles that this needs; see the attribute roles"
        case .fieldInvalid:
            "a field of the request is missing or out of bounds; see the attributes field "
                + "and rule"
        case .pageTokenInvalid:
            "the page token is not of this request; begin with the first page"
        case .idempotencyKeyRequired:
            "a command needs an idempotency key; choose 16 random bytes for it alone"
        case .idempotencyKeyReused:
            "the idempotency key was used for another request; choose another one for "
                + "this"
        case .meetingNotFound:
            "there is no such meeting, or the caller does not take part in it; check the "
                + "identifier"
        case .logDamaged:
            "the log of the meeting does not match its last checkpoint and is not served; "
                + "call an operator"
        case .principalNotFound:
            "the directory has no such principal; see the attribute principal_id"
        case .principalChanged:
            "somebody else has changed the principal; read it again and repeat the change"
        case .certificateInvalid:
            "the certificate is not accepted; see the attribute rule"
        case .certificateExists:
            "the key of the certificate belongs to a principal already; use another key"
        case .certificateNotFound:
            "the principal has no certificate with this key; check the fingerprint"
        case .meetingExists:
            "the identifier belongs to another meeting; choose another one"
        case .meetingNotScheduled:
            "the meeting has been opened before; go on with it as it is"
        case .meetingNotOpen:
            "the meeting is not open; open or resume it first"
        case .meetingNotInRecess:
            "the meeting is not in recess; there is nothing to resume"
        case .meetingAdjourned:
            "the meeting is over and takes no more of this"
        case .limitReached:
            "a limit would be passed; see the attributes limit and maximum"
        case .chairRequired:
            "the meeting would be left without exactly one participant in the chair; "
                + "admit one in the same request"
        case .quorumNotMet:
            "too few members are checked in; wait for the number in the attribute needed"
        case .participantNotFound:
            "the principal does not take part in the meeting; admit it first"
        case .participantInUse:
            "the participant is on the roll of a poll without a verdict; wait for the "
                + "verdict"
        case .notCheckedIn:
            "the participant is not checked in; check in first"
        case .checkedIn:
            "the participant is checked in; check it out first"
        case .agendaItemNotFound:
            "the agenda has no such item; check the identifier"
        case .agendaItemInUse:
            "the agenda item is the current one or has a poll, and stays"
        case .pollNotFound:
            "there is no such poll, or none that the caller may see; check the identifier"
        case .pollExists:
            "the identifier belongs to another poll of the meeting; choose another one"
        case .pollRuleInvalid:
            "the values of the rule contradict each other; see the attribute rule"
        case .pollNotDraft:
            "the poll is no draft; create another one"
        case .pollNotOpen:
            "the poll is not open; see the attribute state"
        case .pollNotHeld:
            "the poll is not held; see the attribute state"
        case .pollInProgress:
            "another poll is in progress; close or void it first"
        case .pollFinished:
            "the poll has its verdict or was voided, and stays as it is"
        case .pollNotDecided:
            "the poll has no verdict yet; wait for it"
        case .tieNotPending:
            "the poll does not wait for the chair's tie choice; see the attribute state"
        case .statementInvalid:
            "the ballot statement is not accepted; see the attribute rule"
        case .ballotIDMismatch:
            "the idempotency key of the call is not the id of the ballot; send the id as "
                + "the key"
        case .signatureInvalid:
            "the signature does not verify with the certificate's key; sign the ballot "
                + "again"
        case .notOnRoll:
            "the member is not on the roll of the poll and cannot vote in it"
        case .signingKeyNotOnRoll:
            "the key is none of the member's keys on the roll; sign with one that is"
        case .signingKeyRevoked:
            "the key has been revoked since the roll was frozen; sign with another one"
        case .motionDigestMismatch:
            "the statement holds another motion digest than the poll; read the motion "
                + "again and sign that"
        case .rollDigestMismatch:
            "the statement holds another roll digest than the poll; read the roll again "
                + "and sign that"
        case .ballotNotRevocable:
            "the member has voted, and the rule lets no ballot be changed"
        case .revisionStale:
            "the revision is not higher than the member's last one; see the attribute "
                + "revision"
        case .entryNotFound:
            "there is no such entry, or none that the caller may see; check the index"
        case .beyondLog:
            "the log has fewer entries than the request names; whoever holds a checkpoint "
                + "of it has proof that history was lost"
        case .chairSignatureRequired:
            "a tie is decided with a statement of the chair; let the chair sign it"
        case .administratorRequired:
            "the directory would be left without an administrator who can connect; give the "
                + "role and a certificate to another one first"
        case .logUnreadable:
            "the stored entries cannot be read at the moment; try again, and tell the operator"
        }
    }
}
