package io.github.akashgen2api.polling;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;

/**
 * Remembers what was seen of one job in a row. AkashGen may not know a job yet that it
 * has just queued, and may call one done before its picture is there: both are tolerated
 * twice in a row, as its own web page does with the former.
 */
final class Watch {

	private static final int TOLERATED_IN_A_ROW = 2;

	private final JobId id;

	private int absences;

	private int emptySuccesses;

	Watch(JobId id) {
		this.id = id;
	}

	/**
	 * Take note of trouble: where the job stands is not known.
	 */
	void lost() {
		this.absences = 0;
		this.emptySuccesses = 0;
	}

	/**
	 * Take note of a status.
	 * @throws PollingException.JobUnknown if AkashGen has not known the job three times
	 * in a row
	 * @throws PollingException.PictureMissing if it has called the job done without a
	 * picture three times in a row
	 */
	void saw(JobStatus status) {
		int absencesBefore = this.absences;
		int emptySuccessesBefore = this.emptySuccesses;
		lost();
		switch (status) {
			case JobStatus.Absent absent -> {
				this.absences = absencesBefore + 1;
				if (this.absences > TOLERATED_IN_A_ROW) {
					throw new PollingException.JobUnknown(this.id, absent.answer());
				}
			}
			case JobStatus.SucceededEmpty empty -> {
				this.emptySuccesses = emptySuccessesBefore + 1;
				if (this.emptySuccesses > TOLERATED_IN_A_ROW) {
					throw new PollingException.PictureMissing(this.id, empty.answer());
				}
			}
			case JobStatus.Pending _, JobStatus.Unrecognised _, JobStatus.Succeeded _, JobStatus.Failed _ -> {
			}
		}
	}

}
